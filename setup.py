from pathlib import Path

from setuptools import setup

setup(
    name="chapter4",
    version="1.0.0",
    description="Chapter 4 of 《TensorFlow：实战Google深度学习框架》, on any current TensorFlow",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    packages=["chapter4", "chapter4.reader"],
    package_data={"chapter4": ["printed_logs/*.log"]},
    python_requires=">=3.7",
    install_requires=["tensorflow>=1.15", "numpy"],
    extras_require={
        "test": ["pytest", "hypothesis", "ipykernel", "jupyter_client", "matplotlib", "tensorboard"],
        "plot": ["matplotlib"],
        "tensorboard": ["tensorboard"],
    },
)
