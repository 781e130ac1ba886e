-- The role replicas act as. It can read and write every table, but audit entries it can only add: what happened stays
-- told, also when somebody finds a way to send SQL of their own through the application.

do $$
begin
  -- Roles belong to the cluster, not to this database: another one may have made it.
  if not exists (select from pg_roles where rolname = 'sluice_app') then
    create role sluice_app nologin;
  end if;
  execute format('grant sluice_app to %I', current_user);
end
$$;

grant usage on schema public to sluice_app;
grant select, insert, update, delete on all tables in schema public to sluice_app;
grant usage, select on all sequences in schema public to sluice_app;
alter default privileges in schema public grant select, insert, update, delete on tables to sluice_app;
alter default privileges in schema public grant usage, select on sequences to sluice_app;

revoke update, delete on audit_entries from sluice_app;
revoke insert, update, delete on migrations from sluice_app;
