"""CloudFormation templates, and the stacks that they become."""
