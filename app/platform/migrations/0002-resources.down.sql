drop table resources;
