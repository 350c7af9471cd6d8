-- The roles of Terang, for every PostgreSQL that serves it: the launcher's, the container's and production's.
-- Run once per server by an administrator (superuser, or a role with CREATEROLE); it may be run again at any time.
-- Passwords are set apart from this file.
--
--   terang_owner   owns the database and its tables: migrations and reference data, nothing else
--   terang_web     the login of web and workers; owns nothing; must SET ROLE to reach a tenant's rows
--   app            what terang_web becomes inside a request or task; a member of nothing
--   statistician   what the publishing job becomes: reads all tenants, the only writer of published rows
--   postman        what the delivery of messages becomes: notices and deliveries of everybody, no other tenant's rows

DO $roles$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['terang_owner', 'terang_web', 'app', 'statistician', 'postman'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I', role_name);
        END IF;
    END LOOP;
END
$roles$;

ALTER ROLE terang_owner LOGIN CREATEDB NOCREATEROLE;
ALTER ROLE terang_web LOGIN NOINHERIT NOCREATEDB NOCREATEROLE;
ALTER ROLE app NOLOGIN NOCREATEDB NOCREATEROLE;
ALTER ROLE statistician NOLOGIN NOCREATEDB NOCREATEROLE;
ALTER ROLE postman NOLOGIN NOCREATEDB NOCREATEROLE;

-- A superuser or a role that bypasses row-level security would read every tenant: refuse to go on with one.
DO $safe$
DECLARE
    unsafe text;
BEGIN
    SELECT string_agg(rolname, ', ') INTO unsafe FROM pg_roles
    WHERE rolname IN ('terang_owner', 'terang_web', 'app', 'statistician', 'postman') AND (rolsuper OR rolbypassrls);
    IF unsafe IS NOT NULL THEN
        RAISE EXCEPTION 'These roles must not be SUPERUSER or BYPASSRLS: %', unsafe;
    END IF;
END
$safe$;

-- terang_web may become app, statistician or postman, but inherits nothing from them: a policy TO statistician would
-- otherwise open every tenant to every request. Since PostgreSQL 16 inheritance is a property of the grant.
DO $membership$
BEGIN
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE 'GRANT app, statistician, postman TO terang_web WITH INHERIT FALSE, SET TRUE';
    ELSE
        GRANT app, statistician, postman TO terang_web;
    END IF;
END
$membership$;
