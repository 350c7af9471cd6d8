"""Schema changes go through the owner's connection only."""


class OwnerMigrates:
    def allow_migrate(self, db, app_label, model_name=None, **hints):
        return db == "owner"
