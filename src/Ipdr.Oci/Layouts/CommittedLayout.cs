namespace Ipdr.Oci.Layouts;

/// <summary>What was written where.</summary>
/// <param name="Plan">The files.</param>
/// <param name="IsNew">Is there nothing else in the layout?</param>
internal sealed record CommittedLayout(LayoutPlan Plan, bool IsNew);
