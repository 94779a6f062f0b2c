"""What if: solves changed scenarios beside the one there is, and prices rules by that."""
