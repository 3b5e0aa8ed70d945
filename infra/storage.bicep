// The one account: packages of the app, queues, jobs, results, advisories. No key opens it.
param name string
param location string
param tags object
param sku string

@description('Whether only private endpoints lead to it.')
param isClosed bool

@description('Whether Event Grid puts events into a queue of it.')
param takesEvents bool

// Of a closed account Event Grid may still write to a queue: by its own identity, and as a service that the account trusts
// (https://learn.microsoft.com/azure/event-grid/handler-storage-queues). With public access turned off altogether there would be no exception to make.
var networkRules = isClosed
  ? { defaultAction: 'Deny', bypass: takesEvents ? 'AzureServices' : 'None' }
  : { defaultAction: 'Allow', bypass: 'None' }

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    networkAcls: networkRules
    publicNetworkAccess: isClosed && !takesEvents ? 'Disabled' : 'Enabled'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: 'packages'
      properties: { publicAccess: 'None' }
    }
  }

  resource queues 'queueServices' = {
    name: 'default'

    // The others are made by the app when it starts; this one has to be there before Event Grid may be told of it.
    resource registryEvents 'queues' = {
      name: 'registry-events'
    }
  }
}

output id string = storage.id
output packageContainer string = storage::blobs::packages.name
output registryEventsQueue string = storage::queues::registryEvents.name
