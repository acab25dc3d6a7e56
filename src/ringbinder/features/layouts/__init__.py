"""What binders are like, as pages need it again and again: tabs and schemas."""
