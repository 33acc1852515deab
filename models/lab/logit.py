"""Conditional logit with L2, L-BFGS by scipy/torch. rows: list of (sort, [values lists], index of right)"""
import numpy as np, torch
def fit(groups, n, l2=1.0, weights=None):
    """groups: list of (candidates list of [(idx,val)], right index)"""
    rows=[];cols=[];vals=[];seg=[];right=[];r=0
    for g,(cands,ok) in enumerate(groups):
        right.append(r+ok)
        for c in cands:
            for i,v in c: rows.append(r);cols.append(i);vals.append(v)
            seg.append(g); r+=1
    X=torch.sparse_coo_tensor(torch.tensor([rows,cols]),torch.tensor(vals,dtype=torch.float32),(r,n)).coalesce().to_sparse_csr()
    seg=torch.tensor(seg); right=torch.tensor(right); G=len(groups)
    gw=torch.ones(G) if weights is None else torch.tensor(weights,dtype=torch.float32)
    w=torch.zeros(n,requires_grad=True)
    opt=torch.optim.LBFGS([w],max_iter=150,history_size=10,line_search_fn="strong_wolfe")
    def close():
        opt.zero_grad()
        s=(X@w[:,None])[:,0]
        top=torch.full((G,),-1e9).scatter_reduce(0,seg,s.detach(),"amax")
        z=torch.zeros(G).index_add(0,seg,torch.exp(s-top[seg]))
        ll=(gw*(s[right]-top-torch.log(z))).sum()
        loss=-ll+l2/2*(w**2).sum()
        loss.backward(); return loss
    opt.step(close)
    return w.detach().numpy()
def fit_binary(X_rows, y, n, l2=1.0, weights=None):
    """X_rows list of [(idx,val)]; y bool"""
    groups=[([[],x],int(t)) for x,t in zip(X_rows,y)]
    return fit(groups,n,l2,weights)
