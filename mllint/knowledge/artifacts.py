# ruff: noqa: E501
"""Model weights: how their files and folders are called.

Where `sure` is false a row is from memory, or a name that other things bear as well.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "file formats and documentation of the tools named"
CHECKED = "2026-11-20"


class Extension(NamedTuple):
    """An ending of file names. `sure` says that nothing but weights is called so."""

    ending: str
    framework: str
    sure: bool


EXTENSIONS = (
    Extension(".safetensors", "Hugging Face", True),
    Extension(".pt", "PyTorch", True),
    Extension(".pth", "PyTorch", True),
    Extension(".pth.tar", "PyTorch", True),
    Extension(".ckpt", "PyTorch Lightning, TensorFlow 1, Stable Diffusion", True),
    Extension(".onnx", "ONNX", True),
    Extension(".onnx_data", "ONNX, external data", True),
    Extension(".keras", "Keras 3", True),
    Extension(".tflite", "TensorFlow Lite", True),
    Extension(".gguf", "llama.cpp", True),
    Extension(".ggml", "llama.cpp, old", True),
    Extension(".cbm", "CatBoost", True),
    Extension(".ubj", "XGBoost", False),
    Extension(".bst", "XGBoost", False),
    Extension(".caffemodel", "Caffe", True),
    Extension(".trt", "TensorRT", True),
    Extension(".engine", "TensorRT", False),
    Extension(".plan", "TensorRT", False),
    Extension(".mar", "TorchServe archive", True),
    Extension(".mlmodel", "Core ML", True),
    Extension(".nemo", "NVIDIA NeMo", True),
    Extension(".pte", "ExecuTorch", True),
    Extension(".pt2", "torch.export", True),
    Extension(".ptl", "PyTorch Lite", True),
    Extension(".pdparams", "PaddlePaddle", True),
    Extension(".pdiparams", "PaddlePaddle", True),
    Extension(".llamafile", "llamafile", True),
    Extension(".distcp", "torch distributed checkpoint", True),
    Extension(".rknn", "Rockchip", True),
    Extension(".hef", "Hailo", True),
    Extension(".mnn", "MNN", True),
    Extension(".weights", "Darknet", True),
    Extension(".t7", "Torch7", True),
    Extension(".bin", "pytorch_model.bin, GGML, fastText", False),
    Extension(".h5", "Keras, HDF5 data", False),
    Extension(".hdf5", "Keras, HDF5 data", False),
    Extension(".pb", "TensorFlow graphs, protocol buffers", False),
    Extension(".joblib", "scikit-learn", False),
    Extension(".pkl", "pickle", False),
    Extension(".pickle", "pickle", False),
    Extension(".dill", "pickle", False),
    Extension(".model", "XGBoost, LightGBM, SentencePiece", False),
    Extension(".params", "MXNet, JAX", False),
    Extension(".msgpack", "Flax", False),
    Extension(".npz", "NumPy weights or data", False),
    Extension(".ot", "tch-rs", False),
    Extension(".om", "Ascend", False),
    Extension(".faiss", "FAISS index", False),
)

#: Whole names, with one `*` at most, that say it where the ending alone does not.
NAMES = (
    "pytorch_model*.bin",
    "adapter_model.bin",
    "diffusion_pytorch_model*.bin",
    "tf_model.h5",
    "flax_model*.msgpack",
    "saved_model.pb",
    "frozen_inference_graph.pb",
    "variables.data-*",
    "model.ckpt-*",
    "ggml-*.bin",
    "open_clip_pytorch_model.bin",
    "lid.176.bin",
    "cc.*.300.bin",
)
#: Files that stand beside weights and are of a few megabytes, whatever their ending.
LIGHT_NAMES = r"tokenizer|sentencepiece|spiece|vocab|merges|label_?encoder|scaler"
#: Files with these endings say nothing of the weights beside them, so that naming them is no download of weights.
LIGHT_ENDINGS = (
    ".json", ".txt", ".md", ".yaml", ".yml", ".py", ".sh", ".vocab", ".tokens", ".cfg", ".toml", ".prototxt", ".names",
    ".jinja", ".sha256", ".md5", ".asc", ".spm", ".tiktoken", ".csv", ".html", ".whl",
)  # fmt: skip
#: Archives: what they hold is told by their names at best.
ARCHIVE_ENDINGS = (
    ".tar", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".7z", ".tar.zst", ".gz", ".bz2",
)  # fmt: skip

#: Folders that hold weights by their name (lower case, `-` written as `_`).
WEIGHT_FOLDERS = frozenset(
    {
        "checkpoints", "checkpoint", "ckpts", "ckpt", "weights", "pretrained", "pretrained_models", "pretrained_model",
        "pretrained_weights", "pretrain_models", "model_repository", "model_repo", "model_store", "model_weights",
        "model_checkpoints", "model_files", "model_cache", "models_cache", "saved_model", "saved_models",
        "trained_models", "trained_model", "trained_weights", "modelweights", "modelcheckpoints", "hf_models", "hf_cache", "onnx_models", "ollama_models",
    }
)  # fmt: skip
#: Folders that hold weights or code: only what is in them tells.
MODEL_FOLDERS = frozenset(
    {"models", "model", "all_models", "exports", "exported_models", "artifacts", "output", "outputs"}
)

#: Words in the name of a file, of a URL or of a bucket's folder which say that a file of a general kind is a model.
MODEL_WORDS = frozenset(
    {
        "model", "models", "weights", "weight", "checkpoint", "checkpoints", "ckpt", "ckpts", "pretrained",
        "classifier", "regressor", "estimator", "lora", "loras", "vae", "safetensors", "gguf", "llm",
        "xgboost", "lightgbm", "xgb", "lgbm", "randomforest", "embeddings_model", "word2vec", "fasttext",
    }
)  # fmt: skip
#: Networks, which say the same; a figure may follow (`resnet50`, `yolov3`, `efficientnetb0`). Those whose names are common
#: words or formats (`clip`, `swin`, `ssd`) are left out.
ARCHITECTURES = frozenset(
    {
        "alexnet", "arcface", "bert", "centernet", "convnext", "deeplab", "densenet", "distilbert", "efficientdet", "efficientnet",
        "facenet", "fasterrcnn", "googlenet", "hrnet", "icnet", "inception", "lenet", "llama", "maskrcnn", "mistral", "mnasnet",
        "mobilefacenet", "mobilenet", "mtcnn", "nasnet", "openpose", "pspnet", "rcnn", "refinenet", "regnet", "resnet", "resnext",
        "retinaface", "retinanet", "roberta", "segnet", "shufflenet", "squeezenet", "tacotron", "unet", "vgg", "vggface", "waveglow",
        "wavenet", "xception", "yolo",
    }
)  # fmt: skip
