using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Archives;

/// <summary>A member that must be a document.</summary>
internal static class MemberDocument
{
    /// <summary>The bytes of the document.</summary>
    /// <exception cref="IpdrException">The member does not look like JSON, or is too large for a document.</exception>
    public static ReadOnlyMemory<byte> Require(ArchiveMember member, FaultCode code) =>
        member.Document ?? throw new IpdrException(new Fault(code, $"a JSON document is needed here, not {member.Size} bytes of something else", member.Path.ToString(), "Save the image again."));

    /// <summary>The fault of a document that occurs twice with different content, or null.</summary>
    public static Fault? Contradiction(ArchiveMember member) =>
        HasOtherKind(member) || member.Repeats.Any(repeat => !Same(repeat, member)) ? Ambiguous(member) : null;

    /// <summary>Does the name also stand for something that is no file of the same kind?</summary>
    public static bool HasOtherKind(ArchiveMember member) => member.Repeats.Any(repeat => !repeat.IsFile || repeat.Document is null != member.Document is null);

    /// <summary>The fault of a name that stands for different content: some readers take the first, others the last.</summary>
    public static Fault Ambiguous(ArchiveMember member) =>
        new(FaultCode.AmbiguousDuplicate, "the member occurs twice with different content", member.Path.ToString(), "Some tools read the first, others the last; do not use this archive.");

    private static bool Same(ArchiveMember a, ArchiveMember b) =>
        a.Document is { } first && b.Document is { } second && first.Span.SequenceEqual(second.Span);
}
