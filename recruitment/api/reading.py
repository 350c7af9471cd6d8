"""What a request says: its address and its body."""

from typing import Any

from django.http import Http404

from recruitment.services import code as codes


def code_of(text: str) -> str:
    """The stored code of an address; 404 when it is none."""
    code = codes.parse(text)
    if code is None:
        raise Http404
    return code


def cleaned(serializer_class, request) -> dict[str, Any]:
    """What the body says, through this serializer. Raises serializers.ValidationError."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
