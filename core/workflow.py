"""States as data. One table holds the whole law of a thing: from where, to where, who, and what is recorded."""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from core import events
from core.policies import Conflict, require


@dataclass(frozen=True)
class Transition:
    """One line of the table. `sources` and `target` are state codes; `policy(actor, thing)` says who may."""

    name: str
    sources: frozenset[str]
    target: str
    policy: Callable
    verb: events.Verb


class Workflow:
    """The table of one model's state field; the only writer of that field."""

    def __init__(self, model: str, field: str, *transitions: Transition):
        self.model_label, self.field = model, field
        self.transitions = {t.name: t for t in transitions}
        WORKFLOWS[model] = self

    @property
    def model(self):
        return apps.get_model(self.model_label)

    def available(self, thing, actor) -> list[Transition]:
        """The transitions this actor may do now, for buttons."""
        state = getattr(thing, self.field)
        return [t for t in self.transitions.values() if state in t.sources and t.policy(actor, thing)]

    def perform(self, thing, name: str, *, actor, now, data=None, **fields):
        """Lock the row, check its state, ask the policy, write the state (with `fields` that belong to it), record the event.

        Raises Conflict when the state does not allow it, Refused when the policy does not. Returns the fresh row.
        """
        transition = self.transitions[name]
        row = self.model.reachable.select_for_update(of=("self",)).get(pk=thing.pk)
        before = getattr(row, self.field)
        if before not in transition.sources:
            raise Conflict(_("This is not possible in its present state. Somebody may have changed it first."))
        require(transition.policy(actor, row))
        setattr(row, self.field, transition.target)
        for key, value in fields.items():
            setattr(row, key, value)
        row.save(update_fields=[self.field, *fields])
        events.record(
            transition.verb, subject=row, actor=actor, now=now, data={"from": before, "to": transition.target, **(data or {})}
        )
        setattr(thing, self.field, transition.target)
        return row

    def trigger_sql(self) -> str:
        """A trigger by which PostgreSQL refuses every change of state that the table does not hold."""
        table, column = self.model._meta.db_table, self.model._meta.get_field(self.field).column
        allowed = sorted({(s, t.target) for t in self.transitions.values() for s in t.sources})
        pairs = ", ".join(f"('{a}', '{b}')" for a, b in allowed)
        name = f"{table}_{column}_workflow"
        return f"""
            create or replace function "{name}"() returns trigger language plpgsql set search_path = public as $$
            begin
                if old."{column}" is distinct from new."{column}"
                   and (old."{column}", new."{column}") not in ({pairs}) then
                    raise exception 'state % to % is not allowed', old."{column}", new."{column}" using errcode = 'check_violation';
                end if;
                return new;
            end $$;
            drop trigger if exists "{name}" on "{table}";
            create trigger "{name}" before update on "{table}" for each row execute function "{name}"();
        """

    def mermaid(self) -> str:
        """The table as a Mermaid state drawing for the documents."""
        lines = [f"    {s} --> {t.target}: {t.name}" for t in self.transitions.values() for s in sorted(t.sources)]
        return "\n".join(["stateDiagram-v2", *lines])


WORKFLOWS: dict[str, Workflow] = {}
