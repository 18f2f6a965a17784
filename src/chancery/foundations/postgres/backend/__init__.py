"""Django database backend: `ENGINE = "chancery.foundations.postgres.backend"`."""
