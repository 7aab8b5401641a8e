import sys,time,json
sys.path.insert(0,'benchmarks')
from answers import interchange
from x271 import forms,sources,_reading
import x271
from lxml import etree
from pathlib import Path
def t(f,n=2,r=400):
    f()
    best=1e9
    for _ in range(r):
        s=time.perf_counter()
        for _ in range(n): f()
        best=min(best,(time.perf_counter()-s)/n)
    return best*1e6
small=Path('fixtures/ppmd/sample.xml').read_bytes()
mid=forms.to_xml(interchange())
big=forms.to_xml(interchange(4))
for name,x in (('small',small),('mid',mid),('big',big)):
    j=forms.to_json(x)
    base=t(lambda: etree.fromstring(x)); load=t(lambda: list(sources.load_all(x)))
    x12=sources.load(x).x12
    doc=t(lambda:_reading.document(sources.Source(x12=x12,form='x12')))
    nrm=t(lambda:x271.normalize_all(x))
    print(name,len(x),'lxml %.1f load %.2f doc %.2f norm %.2f'%(base,load/base,doc/base,nrm/base), 'x12',len(x12))
    base=t(lambda: json.loads(j)); load=t(lambda: list(sources.load_all(j)))
    nrm=t(lambda:x271.normalize_all(j))
    print(name,len(j),'json %.1f load %.2f doc %.2f norm %.2f'%(base,load/base,doc/base,nrm/base))
