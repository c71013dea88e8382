namespace Ipdr.Cli.Output.Documents;

/// <summary>An image in a JSON result that was not copied while others were; not tried, where what stopped another one stops it too.</summary>
internal sealed record FailedImageDocument(string Image, bool Tried, IReadOnlyList<FaultDocument> Faults);
