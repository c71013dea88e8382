namespace Ipdr.Interop.Tests.Programs;

/// <summary>One image in the report of a conversion.</summary>
internal sealed record ConvertedImage(
    IReadOnlyList<string> Names,
    string ImageId,
    string Platform,
    ReportedDescriptor Manifest,
    ReportedDescriptor Config,
    IReadOnlyList<ReportedDescriptor> Layers);
