"""What a team chooses: monitors, triggers, windows, gates, rollouts and presets."""
