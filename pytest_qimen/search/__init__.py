"""What draws messages: a method's properties, the stock model, and the search for failures."""
