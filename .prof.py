import sys,time
sys.path.insert(0,'benchmarks')
import x271
from x271 import _reading, sources
x=open('/tmp/xmlscratch/mid.xml','rb').read()
q=_reading.Question.of()
def t(f,n=2,r=400):
    f(); best=1e9
    for _ in range(r):
        s=time.perf_counter()
        for _ in range(n): f()
        best=min(best,(time.perf_counter()-s)/n)
    return best*1e6
src=sources.load(x)
print('load',t(lambda: sources.load(x)))
d=_reading.document(src)
print('doc',t(lambda:_reading.document(src)))
print('records',t(lambda:d.records(q.orders,None,None,['30'],None)))
r=d.records(q.orders,None,None,['30'],None)[0][0]
print('values fresh',t(lambda:_reading.document(src).records(q.orders,None,None,['30'],None)[0][0].values()))
print('normalize',t(lambda:x271.normalize(x)))
print('normalize x12',t(lambda:x271.normalize(src.x12)))
print('patients',t(lambda:list(_reading.patients(x,q))))
print('Q',t(lambda:_reading.Question.of()))
