exec(open('.prof.py').read().split("print('load'")[0])
import cProfile,pstats
pr=cProfile.Profile(); pr.enable()
for _ in range(300): x271.normalize(x)
pr.disable(); pstats.Stats(pr).sort_stats('tottime').print_stats(14)
