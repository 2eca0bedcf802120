"""The graph on a Neo4j server: pushed there, compared with the store, and asked there. The only importer of `neo4j`."""
