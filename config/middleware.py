"""What every answer of the site has in common, whoever made it."""

from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers


def private_by_default(get_response):
    """What a person saw stays in no cache: at a shared desk the back button shows nothing after logging out."""

    def answer(request):
        response = get_response(request)
        if "Cache-Control" not in response.headers and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    return answer


def words_for_wrong_methods(get_response):
    """Django answers 405 with an empty page, in place of which a browser shows its own."""

    def answer(request):
        response = get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response

    return answer
