"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.cache import never_cache

from config.version import VERSION

admin.site.site_header = admin.site.site_title = "部门整体预算绩效目标申报 · 管理"
admin.site.index_title = "基础数据"
# The admin's own login page would pass by allauth's limits and second factor.
admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)


@never_cache
@login_not_required
def health(request):
    """Answer `ok` and the version while site and database work; anything else is not healthy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(f"ok {VERSION}", content_type="text/plain")


urlpatterns = [
    path("healthz", health, name="health"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("declarations.urls")),
]
