"""What the AWS CLI and AWS Config print."""
