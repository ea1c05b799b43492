from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    name = "declarations"
    verbose_name = "部门整体预算绩效目标申报"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core.checks import register

        from declarations.operating.service_checks import service_is_set_up_safely
        from declarations.operating.system_checks import editions_agree_with_models, tables_are_total

        register(editions_agree_with_models)
        register(tables_are_total)
        register(service_is_set_up_safely)
