"""What `terraform show -json` prints."""
