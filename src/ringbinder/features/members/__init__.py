"""Members: people and their places in organisations."""
