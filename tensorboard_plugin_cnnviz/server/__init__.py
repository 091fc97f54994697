"""The server side: what TensorBoard loads. Never imports TensorFlow, Keras or librosa."""
