"""The demo world: fictitious offices, people and openings, marked as such, the same for the same seed and day.

names  who there is            people    accounts and their second factors      reset   taking it all away again
terms  what openings say       offices   registered and reviewed by services    stream  a million more, by COPY
texts  free words in languages stories   openings that walked the whole way     world   the order of all this
                               ledger    the other openings, written in bulk
"""
