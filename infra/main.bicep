// A scanner in a resource group of its own, as `azd up` makes it (docs/deploy.md). azd deploys into a group that is there already only as a
// preview (https://learn.microsoft.com/azure/developer/azure-developer-cli/resource-group-scoped-deployments); for that there is scanner.bicep:
// az deployment group create --resource-group GROUP --template-file infra/scanner.bicep --parameters name=scanner
targetScope = 'subscription'

import { registry } from 'types.bicep'

@description('Names the group: the azd environment.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of every resource; Flex Consumption has to be offered there.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The group, if it is not to be rg-ENVIRONMENT.')
param resourceGroupName string = ''

@description('Begins the name of every resource.')
@minLength(3)
@maxLength(11)
param name string = 'scanner'

@description('The sha256, in hex, of the token of a first admin; without it, and without tokens or issuers in settings, every call is refused.')
@maxLength(64)
param tokenHash string = ''

@description('Further settings by name, as in local.settings.sample.json: tokens, issuers, registries.')
@secure()
param settings object = {}

@description('Memory of one instance.')
@allowed([2048, 4096])
param instanceMemoryMB int = 2048

@description('How many instances share the work at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Copies of what is stored: in one building, in three of the region, or in another region too.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS'])
param storageSku string = 'Standard_LRS'

@description('Whether the storage account is reached from a virtual network only, which is made and which the app joins.')
param privateNetwork bool = false

@description('Id of a subnet, delegated to Microsoft.App/environments, through which the app reaches registries; without effect if privateNetwork.')
param subnetId string = ''

@description('Registries of Azure that the app may pull from: the id and the login server of each. It gets AcrPull and a login.')
param pullRegistries registry[] = []

@description('Id of a container registry whose pushes are scanned over Event Grid; in this subscription, without a system topic yet (docs/webhooks.md).')
param registryId string = ''

@description('Region of that registry.')
param registryLocation string = location

@description('Host of that registry as in names of images, its login server: events of no other are believed.')
param registryLoginServer string = ''

@description('Object id of a person or group that may read and write the storage account too, as imagescan advisories publish does.')
param operatorId string = ''

@description('What that id is of.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

@description('Whether there are alerts and a workbook (docs/operate.md).')
param alerts bool = true

@description('Id of the action group that is told of alerts; empty: they are shown and nobody is told.')
param actionGroupId string = ''

// azd finds the group by this, and in it the app by another (https://github.com/Azure/azure-dev/blob/main/cli/azd/pkg/azure/tags.go).
var tags = { 'azd-env-name': environmentName }

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: empty(resourceGroupName) ? 'rg-${environmentName}' : resourceGroupName
  location: location
  tags: tags
}

module scanner 'scanner.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    tokenHash: tokenHash
    settings: settings
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    storageSku: storageSku
    privateNetwork: privateNetwork
    subnetId: subnetId
    pullRegistries: pullRegistries
    registryId: registryId
    registryLocation: registryLocation
    registryLoginServer: registryLoginServer
    operatorId: operatorId
    operatorType: operatorType
    alerts: alerts
    actionGroupId: actionGroupId
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output SCANNER_APP string = scanner.outputs.functionAppName
output SCANNER_ENDPOINT string = scanner.outputs.endpoint
