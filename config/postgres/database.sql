-- The one database of Terang, run inside it by an administrator or by its owner after roles.sql.
-- Everybody who may log in to the server may not enter this database, and nobody but the owner makes tables in it.

DO $database$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO terang_web', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY, CREATE ON DATABASE %I TO terang_owner', current_database());
END
$database$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO terang_web, app, statistician, postman;
