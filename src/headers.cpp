// Nothing: the precompiled headers of the rooms need a source to belong to.
