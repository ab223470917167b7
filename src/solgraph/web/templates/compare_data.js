{% import 'parts.html' as parts with context %}
{% import 'compare_parts.html' as sides with context %}
{% set layers = ('alliance', 'declaration', 'project', 'scheme') %}
{% set certainties = ('stated', 'seen', 'undated') %}
{% set kinds = described.aspects.get(SG ~ 'programmeKind', [])|map(attribute='concept')|list %}
{% set themes = described.aspects.get(SG ~ 'theme', [])|map(attribute='concept')|list %}
var solgraphComparison = {"language": {{ language|tojson }}, "around": {{ around }}, "columns": [{% for column in described.columns if column != 'networks' %}{{ word('column', column)|tojson }},{% endfor %}],
"networks": [
{% for shared in networks %}
[{{ label(shared.network)|tojson }},{{ at(shared.network)|tojson }},{{ layers.index(shared.layer) }},{{ (shared.listed is not none)|tojson }},{
{%- for city in all %}{% set ties, others = shared.ties[loop.index0], shared.others[loop.index0] %}{% if ties or others %}{{ slug(city)|tojson }}:[
{%- for tie in ties + others %}[{{ certainties.index(tie.certainty) if tie in ties else 3 }},{{ parts.tie_dates(tie)|tojson }},{{ sides.role(tie)|tojson }},{{ tie.documents|length }},{{ places[tie.things[0]] if tie in ties else at((tie.documents.values()|list)[0])|tojson }}],{% endfor -%}
],{% endif %}{% endfor %}}],
{% endfor %}
],
"aspects": {
{% for aspect, doings in described.aspects.items() %}
{{ slug(aspect)|tojson }}: [
{% for doing in doings %}
[{{ label(doing.concept)|tojson }},{{ at(doing.concept)|tojson }},{{ '{' }}{% for city in described.cities %}{% if doing.things[loop.index0] %}{{ slug(city)|tojson }}:[{{ doing.blocked[loop.index0]|tojson }},[{% for thing in doing.things[loop.index0] if thing in places %}{{ places[thing] }},{% endfor %}]],{% endif %}{% endfor %}}],
{% endfor %}
],
{% endfor %}
},
"described": {
{% for city in described.cities %}
{% set place = loop.index0 %}
{{ slug(city)|tojson }}: {"contents": [{% for column in described.columns if column != 'networks' and described.contents[place] %}{{ value(described.contents[place][described.columns.index(column)]) }},{% endfor %}],
"mayors": {{ sides.mayors(described.mayors[place])|tojson }}, "numbers": {{ sides.numbers(described.numbers[place])|tojson }},
"programmes": [{% for each in described.programmes[place] if each.thing in places %}[{{ places[each.thing] }},[{% for kind in each.kinds %}{{ kinds.index(kind) }},{% endfor %}],[{% for theme in each.themes %}{{ themes.index(theme) }},{% endfor %}]],{% endfor %}]},
{% endfor %}
},
"sources": [{% for iri in notes.numbers %}[{{ (label(iri) if iri in labels else slug(iri))|tojson }},{{ at(iri)|tojson }}],{% endfor %}]};
