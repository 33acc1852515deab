from data import *; import collections, random
from train_ents import network
n=collections.Counter(); ex=[]
for a in load("train","train.pkl"):
    c=Clustering(a.words,a.told,network(a.reading)); home={}
    for i,(t,g) in enumerate(zip(a.told,a.gold)):
        key=g if g is not None else ("spurious",i); want=home.get(key,-1)
        if g is not None and t.sort=="person" and want>=0 and not c.entities[want].forms:
            r=c.entities[want]; near=a.words.sentence[r.last.head]==a.words.sentence[t.head]
            ap=is_apposed(a.words,r.last.end,t.start)
            k=("headline" if not r.in_body else "body","near" if near else "apart","apposed" if ap else "-", "noun" if r.nouns else "pronoun")
            n[k]+=1
            if k[0]=="body" and k[1]=="apart": ex.append((r.nouns,t.text,a.text[max(0,a.words.starts[r.first]-60):a.words.starts[r.first]+60].replace("\n"," "),"||",a.text[max(0,a.words.starts[t.head]-80):a.words.starts[t.head]+60].replace("\n"," ")))
        home[key]=c.add(i,want)
print(n); random.seed(1); random.shuffle(ex)
for e in ex[:25]: print(e)
