"""Block tags for boxes with free content: `{% say "stop" title %}…{% endsay %}` and its neighbours."""

from django import template
from django.template.base import token_kwargs
from django.utils.safestring import mark_safe

from ._library import register


class _BoxNode(template.Node):
    """Renders its inside, then the partial with `body` and the named arguments."""

    def __init__(self, name, nodelist, arguments, options):
        self.name = name
        self.nodelist = nodelist
        self.arguments = arguments
        self.options = options

    def render(self, context):
        values = {key: value.resolve(context) for key, value in {**self.arguments, **self.options}.items()}
        values["body"] = mark_safe(self.nodelist.render(context))  # noqa: S308 (rendered by the template engine)
        partial = context.template.engine.get_template(f"components/_{self.name}.html")
        return partial.render(context.new(values))


def _register(name: str, partial: str, *positional: str):
    def compile_box(parser, token):
        bits = token.split_contents()[1:]
        arguments = {}
        for key in positional:
            if not bits:
                raise template.TemplateSyntaxError(f"{name} needs {', '.join(positional)}")
            arguments[key] = parser.compile_filter(bits.pop(0))
        options = token_kwargs(bits, parser)
        if bits:
            raise template.TemplateSyntaxError(f"{name}: not understood: {bits}")
        nodelist = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return _BoxNode(partial, nodelist, arguments, options)

    register.tag(name, compile_box)


_register("say", "say", "verdict", "title")
_register("box", "box", "title")
_register("filters", "filters", "count")
_register("nothing", "empty", "title")
