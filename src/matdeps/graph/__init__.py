"""What a dependency graph is: the model, the durable store, the compact arrays, the port that queries ask."""
