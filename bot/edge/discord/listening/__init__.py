"""What people do there → requests to the desk; replies → what they see."""
