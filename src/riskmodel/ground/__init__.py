"""What everything stands on: errors, settings, files, where they are kept."""
