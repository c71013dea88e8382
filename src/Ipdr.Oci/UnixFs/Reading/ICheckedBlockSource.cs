namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>A source that has held each block against its name before it gives it out, so that nobody has to do that again.</summary>
internal interface ICheckedBlockSource : IBlockSource;
