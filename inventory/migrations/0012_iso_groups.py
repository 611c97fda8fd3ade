"""Headings of the ISO 9999 groups that are common among assistive devices, in short words of our own."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TITLES = """
04 Behandling och träning
0403 Andning
040306 Inhalatorer
0419 Läkemedel
041904 Medicindoserare
0427 Stimulering av nerver och sinnen
042706 Smärtlindring med ström
042718 Tyngd och lugnande tryck
0433 Skydd mot trycksår
043303 Tryckavlastande dynor
043306 Tryckavlastande madrasser
0448 Träning av rörelse, kraft och balans
044808 Ståstöd
06 Ortoser och proteser
09 Personlig vård
0909 Kläder och skor
0912 Toalettbesök
091203 Hygienstolar på hjul
091212 Fristående toalettförhöjningar
091218 Toalettförhöjningar på porslinet
091221 Toalettsitsar med uppresning
091224 Armstöd till toaletten
0933 Bad och dusch
093304 Badbrädor
093305 Badkarssitsar
093307 Duschstolar och duschpallar
093312 Duschbritsar
0939 Vård av hår
093903 Tvätt av hår
090912 Påklädning
090915 Strumpor på och av
12 Förflyttning
1203 Gånghjälpmedel för en arm
120303 Käppar
120306 Kryckor
120316 Käppar med flera fötter
1206 Gånghjälpmedel för två armar
120603 Gåstativ
120606 Rollatorer
120609 Gåstolar
120612 Gåbord
1207 Tillbehör till gånghjälpmedel
120705 Spetsar och dubbar
120724 Hållare och brickor
120739 Bromsar
1222 Manuella rullstolar
122203 Rullstolar drivna med händerna
122218 Rullstolar drivna av vårdare
1223 Elrullstolar
122306 Elrullstolar med elstyrning
1224 Tillbehör till rullstolar
122409 Drivaggregat
122421 Däck och hjul
122424 Batterier
122430 Bälten och selar
1225 Stöd till rullstolar
122512 Huvudstöd och nackstöd
122515 Benstöd och fotstöd
1231 Vändning och överflyttning
123103 Glidlakan och glidbrädor
123106 Vridplattor
1236 Lyft av personer
123603 Mobila personlyftar
123604 Uppresningslyftar
123612 Fasta lyftar
123621 Lyftselar
15 Hushåll
18 Möbler och hemmets inredning
1809 Sittmöbler
180921 Arbetsstolar
1812 Sängar
181210 Eldrivna sängar
181224 Ryggstöd i säng
181226 Sänggrindar
181228 Handtag till säng
1815 Höjning av möbler
181506 Förhöjningsklossar
1830 Nivåskillnader
183015 Ramper
22 Kommunikation och information
2203 Syn
2206 Hörsel
2221 Samtal
222109 Samtalsapparater
2228 Tid och planering
222803 Planeringstavlor
222809 Klockor
2229 Larm
222903 Personlarm
24 Hantering av föremål
2421 Räckvidd
242103 Griptänger
"""


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    group = apps.get_model("inventory", "IsoGroup")
    rows = (line.split(" ", 1) for line in TITLES.strip().splitlines())
    schema_editor.execute("SET LOCAL statement_timeout = 0")
    # Each heading would write its articles again: with all of them in place, every article is written once.
    schema_editor.execute("ALTER TABLE inventory_isogroup DISABLE TRIGGER USER")
    group.objects.bulk_create(group(code=code, title=title) for code, title in rows)
    schema_editor.execute("ALTER TABLE inventory_isogroup ENABLE TRIGGER USER")
    schema_editor.execute("SELECT refresh_search_text()")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0011_search_rules")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
