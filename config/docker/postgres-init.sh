#!/bin/sh
# Once, when the database container is new: the same roles and grants as everywhere, passwords from the secrets.
# The postgres image runs it as its superuser with PGUSER etc. in place.
set -eu
secrets=${SECRETS:-/run/secrets}
scripts=${SCRIPTS:-/terang}
export PGUSER="${POSTGRES_USER:-postgres}"

psql -v ON_ERROR_STOP=1 -d postgres -q -f "$scripts/roles.sql"
for role in terang_owner terang_web; do
  psql -v ON_ERROR_STOP=1 -d postgres -q -v role="$role" -v password="$(cat "$secrets/${role}_password")" <<'SQL'
ALTER ROLE :"role" PASSWORD :'password';
SQL
done
if [ "$(psql -d postgres -qAt -c "SELECT count(*) FROM pg_database WHERE datname = 'terang'")" = 0 ]; then
  psql -v ON_ERROR_STOP=1 -d postgres -q -c "CREATE DATABASE terang OWNER terang_owner TEMPLATE template0 ENCODING 'UTF8'"
fi
psql -v ON_ERROR_STOP=1 -d terang -q -f "$scripts/database.sql"
