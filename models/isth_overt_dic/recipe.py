"""Makes this bundle again: python models/isth_overt_dic/recipe.py"""

from pathlib import Path

from medgui.workshop.equations import write
from medgui.workshop.equations.coagulation import ISTH_DIC

if __name__ == "__main__":
    write(ISTH_DIC, Path(__file__).parent)
