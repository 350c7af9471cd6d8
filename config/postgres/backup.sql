-- The login of the backup, run once by a superuser. It reads every row of every organization and writes nothing.
-- Row-level security would silently leave rows out of a dump made by any other role.
DO $backup$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'terang_backup') THEN
        CREATE ROLE terang_backup;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO terang_backup', current_database());
END
$backup$;
ALTER ROLE terang_backup LOGIN BYPASSRLS NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 3;
ALTER ROLE terang_backup SET default_transaction_read_only = on;
GRANT pg_read_all_data TO terang_backup;
DO $inherit$
BEGIN
    -- Since PostgreSQL 16 inheritance is a property of the grant.
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE 'GRANT pg_read_all_data TO terang_backup WITH INHERIT TRUE';
    ELSE
        ALTER ROLE terang_backup INHERIT;
    END IF;
END
$inherit$;
