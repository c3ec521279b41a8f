"""The room for what an organisation adds in code: each plugin a package of its own."""
