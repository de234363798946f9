"""The built-in rules: a plugin like any other."""

from mllint.plugins import Plugin

PLUGIN = Plugin(
    "mllint",
    {
        "ML001": "mllint_rules.file.ml001_parse_error:ParseError",
        "ML002": "mllint_rules.file.ml002_inline_comment:InlineComment",
        "ML003": "mllint_rules.file.ml003_unused_suppression:UnusedSuppression",
        "ML004": "mllint_rules.file.ml004_unresolved_base_image:UnresolvedBaseImage",
        "ML101": "mllint_rules.base_image.ml101_unpinned_base_image:UnpinnedBaseImage",
        "ML102": "mllint_rules.base_image.ml102_base_image_without_digest:BaseImageWithoutDigest",
        "ML103": "mllint_rules.base_image.ml103_end_of_life_base:EndOfLifeBase",
        "ML104": "mllint_rules.base_image.ml104_nonexistent_image_tag:NonexistentImageTag",
        "ML107": "mllint_rules.base_image.ml107_discontinued_image:DiscontinuedImage",
        "ML201": "mllint_rules.packages.ml201_unpinned_package:UnpinnedPackage",
        "ML205": "mllint_rules.packages.ml205_pip_cache_kept:PipCacheKept",
        "ML301": "mllint_rules.gpu.ml301_cuda_exceeds_driver:CudaExceedsDriver",
        "ML303": "mllint_rules.gpu.ml303_unknown_cuda_wheel_index:UnknownCudaWheelIndex",
        "ML304": "mllint_rules.gpu.ml304_nvidia_driver_in_image:NvidiaDriverInImage",
        "ML308": "mllint_rules.gpu.ml308_devel_image_in_production:DevelImageInProduction",
        "ML401": "mllint_rules.artifacts.ml401_model_baked_in:ModelBakedIn",
        "ML402": "mllint_rules.artifacts.ml402_model_downloaded_at_build:ModelDownloadedAtBuild",
        "ML404": "mllint_rules.artifacts.ml404_secret_in_build:SecretInBuild",
        "ML501": "mllint_rules.runtime.ml501_root_user:RootUser",
        "ML502": "mllint_rules.runtime.ml502_jupyter_in_production:JupyterInProduction",
        "ML503": "mllint_rules.runtime.ml503_missing_healthcheck:MissingHealthcheck",
        "ML505": "mllint_rules.runtime.ml505_shell_form_entrypoint:ShellFormEntrypoint",
        "ML510": "mllint_rules.runtime.ml510_server_on_loopback:ServerOnLoopback",
        "ML601": "mllint_rules.layers.ml601_source_before_dependencies:SourceBeforeDependencies",
        "ML602": "mllint_rules.layers.ml602_apt_lists_kept:AptListsKept",
        "ML603": "mllint_rules.layers.ml603_apt_update_alone:AptUpdateAlone",
    },
)
