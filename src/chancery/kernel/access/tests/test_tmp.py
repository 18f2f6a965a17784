import time
import pytest
pytest_plugins=["chancery.demo.fixtures"]
@pytest.mark.django_db
@pytest.mark.parametrize("i", range(4))
def test_x(cast, client_as,i, django_assert_max_num_queries):
    from chancery.demo.cast import build_cast
    from chancery.foundations import clock
    t=time.time(); build_cast(at=clock.now()); print("again", time.time()-t)
    c=client_as(cast.registrar)
    r=c.get("/")
    with django_assert_max_num_queries(2) as q:
        t=time.time()
        r=c.get("/nothing/")
        print("get", time.time()-t)
