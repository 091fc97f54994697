"""Recording the layers of Keras models while they train."""
