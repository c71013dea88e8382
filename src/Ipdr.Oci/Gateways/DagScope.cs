namespace Ipdr.Oci.Gateways;

/// <summary>How much of a DAG a gateway is asked for (IPIP-402, <c>dag-scope</c>).</summary>
public enum DagScope
{
    /// <summary>The top block alone.</summary>
    Block,

    /// <summary>A whole file; or a directory without what its entries lead to.</summary>
    Entity,

    /// <summary>Everything below.</summary>
    All,
}
