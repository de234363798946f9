"""Rules about GPUs and CUDA."""
