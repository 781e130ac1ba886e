-- The role itself stays: other databases of the cluster may use it.
alter default privileges in schema public revoke all on tables from sluice_app;
alter default privileges in schema public revoke all on sequences from sluice_app;
drop owned by sluice_app;
