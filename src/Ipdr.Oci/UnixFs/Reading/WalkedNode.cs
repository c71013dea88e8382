namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>An entry and its top block, which is there until the walk goes on.</summary>
internal readonly record struct WalkedNode(UnixFsEntry Entry, UnixFsNode Node);
