"""Pages of the policy audience."""
