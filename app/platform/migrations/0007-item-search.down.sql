-- The extension stays: something else in this database may use it.
drop index items_search_text_idx;
drop index items_search_words_idx;
alter table items drop column search_words, drop column search_text;
