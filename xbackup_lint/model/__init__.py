"""The nouns that rules speak about, and the arrows between them."""
